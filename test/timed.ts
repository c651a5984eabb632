/** For a test that holds a time against a limit: where others keep the machine busy, it has two more tries. */
export const TIMED = { retry: 2 } as const;
