import { ById, CertificateStatus, Envelope, PublicKey } from '@backcheck/contract';
import { fingerprintOf, issueCertificate, publicKeyOf } from '@backcheck/core';
import { findCertificate, type Pool, type StoredCertificate } from '@backcheck/db';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';

const CERTIFICATES = ['Certificates'];
const ENVELOPE_TYPE = 'application/vnd.dsse.envelope.v1+json';

export function certificateRoutes(app: App, { pool, signingKey }: Parts): void {
  app.get(
    '/certificates/:id',
    {
      schema: {
        tags: CERTIFICATES,
        summary: 'Download a certificate; the same bytes each time',
        params: ById,
        response: {
          200: { description: 'A DSSE envelope', content: { [ENVELOPE_TYPE]: { schema: Envelope } } },
          ...PROBLEM_RESPONSES,
        },
      },
    },
    async ({ params: { id } }, reply) => {
      const text = issueCertificate(await certificateOf(pool, id), signingKey.secretKey);
      reply
        .type(ENVELOPE_TYPE)
        .header('content-disposition', `attachment; filename="backcheck-certificate-${id}.json"`);
      // As the text that was signed: a serializer could write the same envelope in other bytes.
      return reply.serializer(String).send(text as never);
    },
  );

  app.get(
    '/certificates/:id/status',
    {
      schema: {
        tags: CERTIFICATES,
        summary: 'Whether a certificate still stands',
        params: ById,
        response: { 200: CertificateStatus, ...PROBLEM_RESPONSES },
      },
    },
    async ({ params: { id } }) => {
      const { supersession } = await certificateOf(pool, id);
      return {
        current: supersession === null,
        supersededAt: supersession?.at ?? null,
        cause: supersession?.cause ?? null,
      };
    },
  );

  app.get(
    '/public-key',
    {
      schema: {
        tags: CERTIFICATES,
        summary: 'The key that signs certificates, for those who verify them',
        response: { 200: PublicKey, ...PROBLEM_RESPONSES },
      },
    },
    async () => {
      const publicKey = publicKeyOf(signingKey.secretKey);
      return { keyid: fingerprintOf(publicKey), publicKey, pem: signingKey.publicPem };
    },
  );
}

async function certificateOf(pool: Pool, id: string): Promise<StoredCertificate> {
  const certificate = await findCertificate(pool, id);
  if (certificate === null) throw new Problem('NOT_FOUND');
  return certificate;
}
