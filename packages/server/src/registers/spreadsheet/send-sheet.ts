import type { FastifyReply } from 'fastify';
import { z } from 'zod';

const TYPES = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
} as const;

/** In the description of an operation: what it answers. */
export const SHEET_FILE = {
  description: 'The file',
  content: Object.fromEntries(Object.values(TYPES).map((type) => [type, { schema: z.string() }])),
};

export function sendSheet(
  reply: FastifyReply,
  bytes: Uint8Array,
  { name, format }: { readonly name: string; readonly format: keyof typeof TYPES },
): FastifyReply {
  return reply
    .type(TYPES[format])
    .header('content-disposition', `attachment; filename="${name}.${format}"`)
    .header('cache-control', 'no-store')
    .send(Buffer.from(bytes));
}
