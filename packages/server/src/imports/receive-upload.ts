import { CreateImportFields } from '@backcheck/contract';
import type { MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import type { FileStore, PendingFile } from '../platform/files/file-store.ts';
import { Problem, requestInvalid } from '../platform/problem.ts';

export interface Upload {
  /** On the disk; the caller keeps or drops it. */
  readonly file: PendingFile;
  readonly fileName: string;
  readonly fields: CreateImportFields;
}

/** Takes the form in as it comes, fields and file in any order, in constant memory. */
export async function receiveUpload(
  request: FastifyRequest,
  { files, maxUploadBytes }: { readonly files: FileStore; readonly maxUploadBytes: number },
): Promise<Upload> {
  const fields = new Map<string, unknown>();
  let received: { file: PendingFile; fileName: string } | null = null;
  try {
    for await (const part of request.parts({ limits: { fileSize: maxUploadBytes } })) {
      if (part.type === 'field') fields.set(part.fieldname, part.value);
      else received = await receiveFile(part, files, maxUploadBytes);
    }
    if (received === null) throw new Problem('FILE_MISSING');
    return { ...received, fields: readFields(fields) };
  } catch (error) {
    await received?.file.drop();
    throw error;
  }
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

/** The last part of a path of either system, without control characters: it is only ever shown, never opened. */
function fileNameOf(sent: string): string {
  const name = sent.split(/[/\\]/).at(-1)?.replaceAll(/\p{Cc}/gu, '') ?? '';
  return name === '' ? 'scan' : name.slice(0, 255);
}

function readFields(fields: ReadonlyMap<string, unknown>): CreateImportFields {
  const read = CreateImportFields.safeParse(Object.fromEntries(fields));
  if (read.success) return read.data;
  throw requestInvalid(read.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })));
}
