import { ById, CertificateStatus, PaperQuery, PublicKey } from '@backcheck/contract';
import { fingerprintOf, publicKeyOf } from '@backcheck/core';
import { z } from 'zod';
import { printApart } from '../platform/paper/press-apart.ts';
import { type App, type Parts, PROBLEM_RESPONSES } from '../platform/parts.ts';
import { CERTIFICATES, certificateOf, ENVELOPE_RESPONSES, issueTo, sendEnvelope } from './issue.ts';
import { certificatePaper } from './paper.ts';
import { publicCertificateRoutes } from './public-routes.ts';

const READ = { object: 'certificate', action: 'read' } as const;

export function certificateRoutes(app: App, parts: Parts): void {
  downloadRoute(app, parts);
  paperRoute(app, parts);
  statusRoute(app);
  publicKeyRoute(app, parts, { path: '/public-key', access: 'self' });
  publicKeyRoute(app, parts, { path: '/public/public-key', access: 'anyone' });
  publicCertificateRoutes(app, parts);
}

function downloadRoute(app: App, parts: Parts): void {
  app.get(
    '/certificates/:id',
    {
      config: { access: READ, audited: true },
      schema: {
        tags: CERTIFICATES,
        summary: 'Download a certificate; the same bytes each time',
        params: ById,
        response: ENVELOPE_RESPONSES,
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { certificate, text } = await request.inScope((tx) => issueTo(tx, id, parts));
      request.audit.organizationId = Number(certificate.proof.closure.organization.id);
      reply.header('content-disposition', `attachment; filename="backcheck-certificate-${id}.json"`);
      return sendEnvelope(reply, text);
    },
  );
}

function paperRoute(app: App, parts: Parts): void {
  app.get(
    '/certificates/:id/paper',
    {
      config: { access: READ, audited: true },
      schema: {
        tags: CERTIFICATES,
        summary: 'A certificate to print (PDF, A4); the same bytes as long as it stands, or does not',
        params: ById,
        querystring: PaperQuery,
        response: {
          200: { description: 'PDF 1.7', content: { 'application/pdf': { schema: z.string() } } },
          ...PROBLEM_RESPONSES,
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { language } = request.query;
      const issued = await request.inScope((tx) => issueTo(tx, id, parts));
      request.audit.organizationId = Number(issued.certificate.proof.closure.organization.id);
      const publicKey = publicKeyOf(parts.signingKey.secretKey);
      const { publicUrl } = parts.signIn;
      const paper = await certificatePaper({ ...issued, id, publicKey, publicUrl, language });
      const bytes = await printApart(paper);
      reply
        .type('application/pdf')
        .header('content-disposition', `inline; filename="backcheck-certificate-${id}-${language}.pdf"`);
      // Bytes go out as they are, past the serializer.
      return reply.send(bytes as never);
    },
  );
}

function statusRoute(app: App): void {
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
}

function publicKeyRoute(
  app: App,
  { signingKey }: Pick<Parts, 'signingKey'>,
  { path, access }: { readonly path: string; readonly access: 'self' | 'anyone' },
): void {
  app.get(
    path,
    {
      config: { access },
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
