import { BySha256, SupersessionsQuery } from '@backcheck/contract';
import { issueCertificate, sha256Hex } from '@backcheck/core';
import { findCertificateByHash } from '@backcheck/db';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App, Parts } from '../platform/parts.ts';
import { Problem } from '../platform/problem.ts';
import { countGuess } from '../platform/sign-in/throttle.ts';
import { CERTIFICATES, ENVELOPE_RESPONSES, sendEnvelope } from './issue.ts';
import { SealedLists } from './sealed-lists.ts';

/** What a stranger may ask: a certificate whose hash is in their hands, and which certificates no longer stand. */
export function publicCertificateRoutes(app: App, parts: Parts): void {
  const lists = new SealedLists(parts);
  app.get(
    '/public/certificates/:sha256',
    {
      config: { access: 'anyone' },
      schema: {
        tags: CERTIFICATES,
        summary: 'A certificate that was given out, by the SHA-256 of its text; without sign-in',
        params: BySha256,
        response: ENVELOPE_RESPONSES,
      },
    },
    async (request, reply) => sendEnvelope(reply, await textOf(parts, request, reply)),
  );
  app.get(
    '/public/supersessions',
    {
      config: { access: 'anyone' },
      schema: {
        tags: CERTIFICATES,
        summary: 'The certificates that no longer stand, as a signed list; without sign-in',
        querystring: SupersessionsQuery,
        response: ENVELOPE_RESPONSES,
      },
    },
    async ({ query }, reply) => sendEnvelope(reply, await lists.from(query.since ?? null)),
  );
}

/** A hash that nobody was given counts as a wrong password does: whoever tries many must wait. */
async function textOf(
  { widePool, signIn, signingKey, clock }: Parts,
  request: FastifyRequest<{ Params: BySha256 }>,
  reply: FastifyReply,
): Promise<string> {
  const { sha256 } = request.params;
  const guess = await countGuess(
    { pool: signIn.pool, secret: signIn.secret, now: clock(), request, reply },
    'certificate by hash',
  );
  // Of any organization: that somebody has the hash is the permission.
  const certificate = await findCertificateByHash(widePool, sha256);
  const text = certificate === null ? null : issueCertificate(certificate, signingKey.secretKey);
  if (text === null || sha256Hex(text) !== sha256) throw new Problem('CERTIFICATE_UNKNOWN');
  await guess.succeeded();
  return text;
}
