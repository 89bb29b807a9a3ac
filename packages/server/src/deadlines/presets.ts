import { CALENDARS, PRESETS } from '@backcheck/core';
import { ensurePresets } from '@backcheck/db';
import type { Parts } from '../platform/parts.ts';

/** The product's own policies and calendars as rows, so that a date can name the version that it came from. */
export const storePresets = ({ widePool, clock }: Pick<Parts, 'widePool' | 'clock'>): Promise<void> =>
  ensurePresets(widePool, { policies: PRESETS, calendars: CALENDARS }, clock().toISOString());
