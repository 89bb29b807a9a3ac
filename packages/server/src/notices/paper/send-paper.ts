import type { FastifyReply } from 'fastify';
import { encodedName } from '../../platform/files/send-file.ts';

export const PDF = 'application/pdf';
export const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

/** Characters that a file system takes for something else. */
const inFileName = (name: string): string => name.replaceAll(/[\p{Cc}\\/:*?"<>|]/gu, '_');

/** Sends what this server has set itself: a PDF to be shown, anything else to be saved. */
export function sendPaper(
  reply: FastifyReply,
  bytes: Buffer,
  { type, name }: { readonly type: typeof PDF | typeof DOCX; readonly name: string },
): FastifyReply {
  const how = type === PDF ? 'inline' : 'attachment';
  return reply
    .type(type)
    .header('content-disposition', `${how}; filename*=UTF-8''${encodedName(inFileName(name))}`)
    .header('cache-control', 'no-store')
    .send(bytes);
}
