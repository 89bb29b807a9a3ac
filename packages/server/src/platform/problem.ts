import type { ProblemCode, ProblemFacts } from '@backcheck/contract';

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** A refusal: thrown anywhere below a route, answered by the one error handler (answer-problem.ts). */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly facts: ProblemFacts;
  readonly errors: readonly FieldError[] | undefined;

  constructor(code: ProblemCode, facts: ProblemFacts = {}, errors?: readonly FieldError[]) {
    super(code);
    this.name = 'Problem';
    this.code = code;
    this.facts = facts;
    this.errors = errors;
  }
}

/** The request is not valid, with every field that is wrong. */
export function requestInvalid(errors: readonly FieldError[]): Problem {
  const facts = {
    fields: errors.map(({ field }) => field).join('、'),
    problems: errors.map(({ field, message }) => `${field}: ${message}`).join('; '),
  };
  return new Problem('REQUEST_INVALID', facts, errors);
}
