import { CSRF_HEADER, Import, PARTIES, type Party } from '@backcheck/contract';
import { newKey, readAnswer, Unreachable } from '../app/request.ts';

/** What a person says about the files; the names are the fields of the multipart form. */
export interface Origin {
  readonly organizationId: string;
  readonly vantage: string;
  readonly submittedBy: Party;
  readonly declaredAt: string | null;
  readonly declaredBy: Party;
  /** Id of a scan profile. */
  readonly profile: string | null;
}

/** Only a person's choices: what our own runner vouches for does not come through a screen. */
export const DECLARING_PARTIES: readonly Party[] = PARTIES.filter((party) => party !== 'runner');

function formOf(file: File, origin: Origin): FormData {
  const form = new FormData();
  form.set('organizationId', origin.organizationId);
  form.set('vantage', origin.vantage);
  form.set('submittedBy', origin.submittedBy);
  if (origin.declaredAt !== null) {
    form.set('declaredAt', origin.declaredAt);
    form.set('declaredBy', origin.declaredBy);
  }
  if (origin.profile !== null) form.set('profile', origin.profile);
  form.set('file', file);
  return form;
}

/**
 * Sends one file. `onProgress` gets the share sent, 0 to 1.
 * XMLHttpRequest because fetch still tells nothing about how much of a body is sent.
 */
export function upload(file: File, origin: Origin, onProgress: (share: number) => void): Promise<Import> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/v1/imports');
    request.setRequestHeader(CSRF_HEADER, '1');
    request.setRequestHeader('idempotency-key', newKey());
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onerror = () => reject(new Unreachable('network'));
    request.onload = () => {
      try {
        resolve(readAnswer(Import, { status: request.status, body: request.responseText }));
      } catch (error) {
        reject(error);
      }
    };
    request.send(formOf(file, origin));
  });
}
