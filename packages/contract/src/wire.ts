import { z } from 'zod';

/** A record's id: a decimal number written as text, because 64 bits do not fit a JavaScript number. */
export const Id = z
  .string()
  .regex(/^[1-9][0-9]{0,17}$/, 'an id is a decimal number')
  .meta({ example: '42' });

/** An organization's id; there are fewer of them. */
export const OrganizationId = z
  .string()
  .regex(/^[1-9][0-9]{0,8}$/, 'an id is a decimal number')
  .meta({ example: '7' });

/** An organization as a list shows it. */
export const NamedOrganization = z.object({
  id: OrganizationId,
  name: z.string(),
  nameZh: z.string().nullable(),
});

/** One line of text from a person or a client: no control characters, which PostgreSQL could not even store. */
export const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters');

/** Text of several lines. PostgreSQL stores neither U+0000 nor half a pair of surrogates, and no paper shows other control characters. */
export const prose = (most: number) =>
  z
    .string()
    .trim()
    .max(most)
    .regex(/^(?:[^\p{Cc}\p{Cs}]|[\n\r\t])*$/u, 'must not contain control characters');

/** UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
export const Instant = z.string().meta({ format: 'date-time', example: '2026-11-21T02:20:00.000Z' });

/** SHA-256 in lower-case hex. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Keyset paging: `cursor` is what the page before returned as `nextCursor`; it is opaque. */
export const Cursor = z.string().min(1).max(1000);
export const NextCursor = z
  .string()
  .nullable()
  .describe('Pass as `cursor` to get the next page; null on the last one.');
export const limit = (most: number, standard: number) =>
  z.coerce.number().int().min(1).max(most).default(standard);

/** A path that ends in one record's id. */
export const ById = z.object({ id: Id });
