import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for something to come true. Throws after so many milliseconds. */
export async function until(isSo: () => boolean | Promise<boolean>, deadlineMs = 30_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`it never came true: ${isSo}`);
    await sleep(20);
  }
}
