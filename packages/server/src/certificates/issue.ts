import { Envelope } from '@backcheck/contract';
import { issueCertificate, type Sha256, sha256Hex } from '@backcheck/core';
import { findCertificate, noteCertificateHash, type StoredCertificate, type Tx } from '@backcheck/db';
import type { FastifyReply } from 'fastify';
import { type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';

export const CERTIFICATES = ['Certificates'];

const ENVELOPE_TYPE = 'application/vnd.dsse.envelope.v1+json';
export const ENVELOPE_RESPONSES = {
  200: { description: 'A DSSE envelope', content: { [ENVELOPE_TYPE]: { schema: Envelope } } },
  ...PROBLEM_RESPONSES,
} as const;

/** As the text that was signed: a serializer could write the same envelope in other bytes. */
export function sendEnvelope(reply: FastifyReply, text: string): FastifyReply {
  return reply
    .type(ENVELOPE_TYPE)
    .serializer(String)
    .send(text as never);
}

/** What leaves the house: the text of its file, its hash, and what it was made from. */
export interface IssuedCertificate {
  readonly certificate: StoredCertificate;
  /** A DSSE envelope; the same bytes each time, as long as the key is the same. */
  readonly text: string;
  readonly sha256: Sha256;
}

/** Issues it, and notes its hash so that a stranger who has the paper can ask for it. */
export async function issueTo(
  tx: Tx,
  id: string,
  { signingKey }: Pick<Parts, 'signingKey'>,
): Promise<IssuedCertificate> {
  const certificate = await certificateOf(tx, id);
  const text = issueCertificate(certificate, signingKey.secretKey);
  const sha256 = sha256Hex(text);
  await noteCertificateHash(tx, id, sha256);
  return { certificate, text, sha256 };
}

export async function certificateOf(tx: Tx, id: string): Promise<StoredCertificate> {
  const certificate = await findCertificate(tx, id);
  if (certificate === null) throw new Problem('NOT_FOUND');
  return certificate;
}
