import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks', // tests change the umask, the working folder and the environment
    maxWorkers: 2,
    testTimeout: 60_000, // real servers start in many of them
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000 } }, // what is waited for comes at once, and later on a busy machine
  },
});
