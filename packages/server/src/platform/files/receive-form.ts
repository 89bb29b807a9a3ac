import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest, FastifySchemaCompiler } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { Problem, requestInvalid } from '../problem.ts';
import type { FileStore, PendingFile } from './file-store.ts';

/** `Fields` are the text fields of the form. */
export interface Upload<Fields> {
  /** On the disk; the caller keeps or drops it. */
  readonly file: PendingFile;
  readonly fileName: string;
  readonly fields: Fields;
}

export interface Form<Fields> {
  /** Throws a `Problem` for fields that are not valid. */
  readonly read: (fields: Readonly<Record<string, unknown>>) => Fields;
  /** Most text fields. */
  readonly most: number;
  /** Most bytes of one of them, where the limit of all forms (app.ts) is not enough. */
  readonly longest?: number;
}

export interface Store {
  readonly files: FileStore;
  readonly maxUploadBytes: number;
}

/** Takes a form with one file in as it comes, fields and file in any order, in constant memory. */
export async function receiveForm<Fields>(
  request: FastifyRequest,
  { files, maxUploadBytes }: Store,
  { read, most, longest }: Form<Fields>,
): Promise<Upload<Fields>> {
  refuseWithoutBoundary(request);
  const fields = new Map<string, unknown>();
  let received: { file: PendingFile; fileName: string } | null = null;
  try {
    const fieldSize = longest === undefined ? {} : { fieldSize: longest };
    const limits = { fileSize: maxUploadBytes, fields: most, parts: most + 1, ...fieldSize };
    for await (const part of request.parts({ limits })) {
      if (part.type === 'field') fields.set(part.fieldname, part.value);
      else received = await receiveFile(part, files, maxUploadBytes);
    }
    if (received === null) throw new Problem('FILE_MISSING');
    return { ...received, fields: read(Object.fromEntries(fields)) };
  } catch (error) {
    await received?.file.drop();
    throw isCut(error) ? new Problem('UPLOAD_INTERRUPTED') : error;
  }
}

/** RFC 2046 section 5.1.1. The parser would throw a plain error, which is how it also says that the form is cut. */
function refuseWithoutBoundary({ headers }: FastifyRequest): void {
  const type = headers['content-type'] ?? '';
  if (!type.startsWith('multipart/form-data') || /;\s*boundary=("[^"]{1,70}"|[^\s";]{1,70})/i.test(type))
    return;
  throw requestInvalid([{ field: 'content-type', message: 'has no boundary of 1 to 70 characters' }]);
}

const CONNECTION_LOST = ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'ECONNABORTED'];

/** The parser's errors for a form that ends too early have no code; those of the disk do. */
function isCut(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'Error') return false;
  return !('code' in error) || CONNECTION_LOST.includes(String(error.code));
}

async function receiveFile(part: MultipartFile, files: FileStore, most: number) {
  if (part.fieldname !== 'file') {
    part.file.resume();
    throw new Problem('FILE_MISSING');
  }
  const file = await files.receive(part.file);
  // The parser stops at the limit without an error; what it gave us then is only the beginning.
  if (part.file.truncated) {
    await file.drop();
    throw new Problem('FILE_TOO_LARGE', { most });
  }
  return { file, fileName: fileNameOf(part.filename) };
}

/**
 * The last part of a path of either system, without control characters and without those that turn the direction of
 * text, which could show another ending than the name has: it is only ever shown, never opened.
 */
export function fileNameOf(sent: string, unnamed = 'scan'): string {
  const name =
    sent
      .split(/[/\\]/)
      .at(-1)
      ?.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '') ?? '';
  return name === '' ? unnamed : name.slice(0, 255);
}

/** Refuses fields that are not as the schema wants them, each with its message. */
export function readFields<Fields>(schema: z.ZodType<Fields>): Form<Fields>['read'] {
  return (fields) => {
    const read = schema.safeParse(fields);
    if (read.success) return read.data;
    throw requestInvalid(read.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })));
  };
}

/** The form is read as a stream and checked there; its schema stands for the OpenAPI document. */
export const validateAllButBody: FastifySchemaCompiler<unknown> = (route) => {
  if (route.httpPart === 'body') return () => true;
  // Fastify types the schemas of all parts of a route as one; here they are all zod's.
  return validatorCompiler(route as Parameters<typeof validatorCompiler>[0]);
};
