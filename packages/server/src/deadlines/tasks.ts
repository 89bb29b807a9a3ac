import { notePreview } from '@backcheck/db';
import type { TaskList } from 'graphile-worker';
import { z } from 'zod';
import type { Parts } from '../platform/parts.ts';
import { determineEverywhere, determineOrganization } from './determine.ts';
import { storePresets } from './presets.ts';
import { countPreview } from './preview.ts';

/** Once a day: key lists begin and end by date, and what no trigger tells is found. */
export const DEADLINE_CRONTAB = '23 2 * * * determine-all ?jobKey=determine-all&max=3';

const PreviewPayload = z.object({ id: z.string() });
const Payload = z.object({ organizationId: z.number().int().nullable() });

/** The queue's tasks: the first is queued by `queue_determination` (0018), the second by `queue_preview` (0026). */
export const deadlineTasks = (parts: Pick<Parts, 'widePool' | 'clock' | 'log'>): TaskList => ({
  'determine-deadlines': async (payload) => {
    const { organizationId } = Payload.parse(payload);
    await storePresets(parts);
    if (organizationId === null) await determineEverywhere(parts);
    else await determineOrganization(parts, organizationId);
  },
  'preview-deadlines': async (payload, { job }) => {
    const { id } = PreviewPayload.parse(payload);
    try {
      await countPreview(parts, id);
    } catch (error) {
      if (job.attempts >= job.max_attempts) await notePreview(parts.widePool, id, { failed: true });
      throw error;
    }
  },
  'determine-all': async () => {
    await storePresets(parts);
    await determineEverywhere(parts);
  },
});
