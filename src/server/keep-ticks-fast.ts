import { createHook } from 'node:async_hooks';

/** Keeps `process.nextTick` fast. V8 forgets the hidden class of its tasks where a collection of garbage finds none of them alive,
 *  as it mostly does in a program that starts slowly; from then on each task is put together by the slow way (Node 20: a twentieth
 *  of what a server does). One task that stays alive keeps it. */
export function keepTicksFast(): void {
  if (task !== null) return;
  const hook = createHook({
    init: (_id, type, _trigger, resource) => {
      if (type === 'TickObject') task = resource;
    },
  }).enable();
  process.nextTick(() => undefined);
  hook.disable();
}

let task: object | null = null;
