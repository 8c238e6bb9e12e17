/** Limits that a bench of many clients would run into; everything else is as it comes. */
export const ROOMY = { port: 0, connectionLimit: 20_000, socketLimit: 20_000, streamLimit: 20_000 };
