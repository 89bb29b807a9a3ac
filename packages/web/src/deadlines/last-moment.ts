/** `at` is the first moment that is too late; people are told the last one that is in time. */
export const lastMoment = (at: string): string => new Date(Date.parse(at) - 1).toISOString();
