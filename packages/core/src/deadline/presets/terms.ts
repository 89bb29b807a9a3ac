import type { Term } from '../policy.ts';

export const hours = (amount: number): Term => ({ amount, unit: 'hours' });
export const calendarDays = (amount: number): Term => ({ amount, unit: 'calendar-days' });
export const workingDays = (amount: number): Term => ({ amount, unit: 'working-days' });
export const months = (amount: number): Term => ({ amount, unit: 'months' });
