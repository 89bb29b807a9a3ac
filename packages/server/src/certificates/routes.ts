import { ById, CertificateStatus, Envelope, PublicKey } from '@backcheck/contract';
import { fingerprintOf, issueCertificate, publicKeyOf } from '@backcheck/core';
import { findCertificate, type StoredCertificate, type Tx } from '@backcheck/db';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';

const CERTIFICATES = ['Certificates'];
const READ = { object: 'certificate', action: 'read' } as const;
const ENVELOPE_TYPE = 'application/vnd.dsse.envelope.v1+json';

export function certificateRoutes(app: App, { signingKey }: Parts): void {
  app.get(
    '/certificates/:id',
    {
      config: { access: READ, audited: true },
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
    async (request, reply) => {
      const { id } = request.params;
      const certificate = await request.inScope((tx) => certificateOf(tx, id));
      request.audit.organizationId = Number(certificate.proof.closure.organization.id);
      const text = issueCertificate(certificate, signingKey.secretKey);
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
      config: { access: READ, audited: true },
      schema: {
        tags: CERTIFICATES,
        summary: 'Whether a certificate still stands',
        params: ById,
        response: { 200: CertificateStatus, ...PROBLEM_RESPONSES },
      },
    },
    async (request) => {
      const { supersession } = await request.inScope((tx) => certificateOf(tx, request.params.id));
      return {
        current: supersession === null,
        supersededAt: supersession?.at ?? null,
        cause: supersession?.cause ?? null,
      };
    },
  );
  publicKeyRoute(app, { signingKey });
}

function publicKeyRoute(app: App, { signingKey }: Pick<Parts, 'signingKey'>): void {
  app.get(
    '/public-key',
    {
      config: { access: 'self' },
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

async function certificateOf(tx: Tx, id: string): Promise<StoredCertificate> {
  const certificate = await findCertificate(tx, id);
  if (certificate === null) throw new Problem('NOT_FOUND');
  return certificate;
}
