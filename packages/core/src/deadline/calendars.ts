import type { WorkingCalendar } from './calendar.ts';
import { CN } from './calendars/cn.ts';
import { EU_NONE } from './calendars/eu-none.ts';
import { US_FEDERAL } from './calendars/us-federal.ts';

/** The calendars that come with the product; a later version of one is uploaded. */
export const CALENDARS: readonly WorkingCalendar[] = [CN, US_FEDERAL, EU_NONE];
