import { SUPERSESSION_CAUSES } from '@backcheck/core';
import { z } from 'zod';
import { Instant, Sha256 } from './wire.ts';

export * from './certificate-coverage.ts';
export * from './certificate-labels.ts';
export * from './supersession-list.ts';

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

/** Languages that a paper is written in; `both`: each text in Chinese and in English. */
export const PAPER_LANGUAGES = ['zh', 'en', 'both'] as const;
export type PaperLanguage = (typeof PAPER_LANGUAGES)[number];

export const PaperQuery = z.object({ language: z.enum(PAPER_LANGUAGES).default('both') });

/** `sha256`: of the certificate's text, as the paper and its QR code have it. */
export const BySha256 = z.object({ sha256: Sha256 });
export type BySha256 = z.infer<typeof BySha256>;

export const SupersessionsQuery = z.object({
  since: z.iso
    .datetime({ precision: 3 })
    .optional()
    .describe('Only what was superseded at this time or later; normally `until` of the list before'),
});
