import { type AuthorizationTerms, DraftAuthorizationFields } from '@backcheck/contract';
import { readAddress, readAuthorizationFlaws, readNetwork } from '@backcheck/core';
import { insertAuthorization, organizationExists, seesOrganization, type Tx } from '@backcheck/db';
import type { FastifyRequest } from 'fastify';
import {
  type Form,
  readFields,
  receiveForm,
  type Store,
  type Upload,
} from '../platform/files/receive-form.ts';
import { Problem } from '../platform/problem.ts';

/** Five hundred ranges and names fit. */
const LONGEST_TERMS = 200_000;

const FORM: Form<DraftAuthorizationFields> = {
  read: readFields(DraftAuthorizationFields),
  most: 2,
  longest: LONGEST_TERMS,
};

export type DraftUpload = Upload<DraftAuthorizationFields>;

export const receiveDraft = (request: FastifyRequest, store: Store): Promise<DraftUpload> =>
  receiveForm(request, store, FORM);

/** Keeps the paper and the draft; its id. Refuses terms that are not in order, each with its place in the form. */
export async function draftAuthorization(
  tx: Tx,
  { file, fileName, fields: { organizationId, terms } }: DraftUpload,
  { accountId, now }: { readonly accountId: number; readonly now: Date },
): Promise<string> {
  const id = Number(organizationId);
  // It is the word of the whole organization: of one of its systems nobody gives it.
  if (!(await organizationExists(tx, id)) || !(await seesOrganization(tx, id)))
    throw new Problem('ORGANIZATION_UNKNOWN', { organizationId });
  const dated = {
    ...terms,
    ranges: terms.ranges.map(asRange),
    validFrom: new Date(terms.validFrom).toISOString(),
    expiresAt: new Date(terms.expiresAt).toISOString(),
  };
  refuseFlaws(dated);
  await file.keep();
  return insertAuthorization(tx, {
    ...dated,
    organizationId: Number(organizationId),
    document: { fileName, sizeBytes: file.sizeBytes, sha256: file.sha256 },
    draftedBy: accountId,
    draftedAt: now.toISOString(),
  });
}

/** A single address is a range of one. */
function asRange(text: string): string {
  const address = readAddress(text);
  return address === null ? text : `${text}/${address.bits}`;
}

function refuseFlaws(terms: AuthorizationTerms): void {
  const sources = terms.sourceAddresses.flatMap((text, index) =>
    readAddress(text) === null && readNetwork(text) === null
      ? [{ field: `sourceAddresses.${index}`, code: 'RANGE_MALFORMED' }]
      : [],
  );
  const flaws = [...readAuthorizationFlaws(terms), ...sources];
  if (flaws.length === 0) return;
  const errors = flaws.map(({ field, code }) => ({ field: `terms.${field}`, message: code }));
  throw new Problem('AUTHORIZATION_FLAWED', { fields: flaws.map(({ field }) => field).join(', ') }, errors);
}
