import { CSRF_HEADER, RegisterImport } from '@backcheck/contract';
import { readAnswer, Unreachable } from '../app/request.ts';

export interface FileToSend {
  readonly file: File;
  /** The node below which new organizations come; null: none. */
  readonly organizationId: string | null;
  /** Gets the share sent, 0 to 1. */
  readonly onProgress: (share: number) => void;
}

/** XMLHttpRequest because fetch still tells nothing about how much of a body is sent. */
export function sendFile({ file, organizationId, onProgress }: FileToSend): Promise<RegisterImport> {
  const form = new FormData();
  if (organizationId !== null) form.set('organizationId', organizationId);
  form.set('file', file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/v1/register-imports');
    request.setRequestHeader(CSRF_HEADER, '1');
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onerror = () => reject(new Unreachable('network'));
    request.onload = () => {
      try {
        resolve(readAnswer(RegisterImport, { status: request.status, body: request.responseText }));
      } catch (error) {
        reject(error);
      }
    };
    request.send(form);
  });
}
