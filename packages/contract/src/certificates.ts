import { SUPERSESSION_CAUSES } from '@backcheck/core';
import { z } from 'zod';
import { Instant } from './wire.ts';

/** A DSSE envelope (github.com/secure-systems-lab/dsse, protocol 1.0) around an in-toto statement; see docs/certificate.md. */
export const Envelope = z
  .object({
    payloadType: z.string(),
    payload: z.string(),
    signatures: z.array(z.object({ keyid: z.string(), sig: z.string() })),
  })
  .meta({ id: 'Envelope' });

export const CertificateStatus = z
  .object({
    current: z.boolean().describe('False when the finding was seen again or the proof was withdrawn'),
    supersededAt: Instant.nullable(),
    cause: z.enum(SUPERSESSION_CAUSES).nullable(),
  })
  .meta({ id: 'CertificateStatus' });
export type CertificateStatus = z.infer<typeof CertificateStatus>;

export const PublicKey = z
  .object({
    keyid: z.string(),
    publicKey: z.string().describe('Ed25519, the 32 bytes of RFC 8032 in lower-case hex'),
    pem: z.string().describe('The same key as SubjectPublicKeyInfo (RFC 8410)'),
  })
  .meta({ id: 'PublicKey' });
export type PublicKey = z.infer<typeof PublicKey>;
