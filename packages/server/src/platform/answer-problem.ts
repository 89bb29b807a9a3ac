import { PROBLEMS, type ProblemDocument, preferredLanguage, problemTexts } from '@backcheck/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { Problem, requestInvalid } from './problem.ts';

/** What Fastify and its plug-ins refuse by themselves, in our words. */
const FRAMEWORK_PROBLEMS: Readonly<Record<string, () => Problem>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new Problem('UNSUPPORTED_MEDIA_TYPE', { expected: 'application/json' }),
  FST_INVALID_MULTIPART_CONTENT_TYPE: () =>
    new Problem('UNSUPPORTED_MEDIA_TYPE', { expected: 'multipart/form-data' }),
  FST_ERR_CTP_BODY_TOO_LARGE: () => new Problem('BODY_TOO_LARGE'),
  FST_PARTS_LIMIT: () => new Problem('BODY_TOO_LARGE'),
  FST_FIELDS_LIMIT: () => new Problem('BODY_TOO_LARGE'),
  FST_FILES_LIMIT: () => new Problem('FILE_MISSING'),
  FST_MP_PREMATURE_CLOSE: () => new Problem('UPLOAD_INTERRUPTED'),
};

/** PostgreSQL: connection exceptions (class 08), operator intervention (57P..), too many connections. */
const DATABASE_AWAY = /^(08\w{3}|57P0[1-3]|53300)$/;

/** insufficient_privilege: row-level security refused to write a row that the caller's grants do not cover. */
const OUTSIDE_OF_SCOPE = '42501';

interface CodedError {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly statusCode?: unknown;
  readonly message: string;
}

function codedOf(error: unknown): CodedError {
  return error instanceof Error ? error : { message: String(error) };
}

/** Null: a fault, not a refusal. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where = error.validationContext ?? 'request';
    return requestInvalid(
      error.validation.map(({ instancePath, message }) => ({
        field: instancePath.slice(1).replaceAll('/', '.') || where,
        message: message ?? 'is not valid',
      })),
    );
  }
  const { code, syscall, statusCode, message } = codedOf(error);
  // The one thing a request makes this process connect to is the database.
  if (syscall === 'connect') return new Problem('TEMPORARILY_UNAVAILABLE');
  if (typeof code === 'string') {
    const known = FRAMEWORK_PROBLEMS[code];
    if (known !== undefined) return known();
    if (DATABASE_AWAY.test(code)) return new Problem('TEMPORARILY_UNAVAILABLE');
    if (code === OUTSIDE_OF_SCOPE) return new Problem('FORBIDDEN');
  }
  const clientError = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500;
  return clientError ? requestInvalid([{ field: 'request', message }]) : null;
}

/** The document of RFC 9457 for a refusal, in the language that the client asked for. */
export function problemDocument(problem: Problem, request: FastifyRequest): ProblemDocument {
  const language = preferredLanguage(request.headers['accept-language']);
  const texts = problemTexts(problem.code, problem.facts);
  return {
    type: `urn:backcheck:problem:${problem.code}`,
    title: texts.title[language],
    status: PROBLEMS[problem.code].status,
    detail: texts.detail[language],
    instance: request.url.split('?')[0] ?? request.url,
    code: problem.code,
    texts,
    ...(problem.errors === undefined ? {} : { errors: [...problem.errors] }),
  };
}

/**
 * The one error handler. A refusal is answered with its code; a fault is logged whole under the request's
 * id, and the client sees only that id.
 */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = problemOf(error);
  if (refusal === null || PROBLEMS[refusal.code].status >= 500)
    request.log.error({ err: error }, 'request failed');
  const problem = refusal ?? new Problem('INTERNAL', { requestId: request.id });
  const document = problemDocument(problem, request);
  return reply
    .code(document.status)
    .type('application/problem+json; charset=utf-8')
    .header('vary', 'Accept-Language')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(document));
}
