import { FIX_LABELS } from '@backcheck/contract';
import { equivalenceOf, type FixParts, fixOf, type NoticeFinding } from '@backcheck/core';
import { BUILT_IN_CHECKS } from '@backcheck/engines';

/**
 * What the product itself says of a finding, in both languages: the name of the weakness, where one is declared, and the
 * measure, where the finding tells of one. The words of the tool stay beside both.
 */
export function namedByProduct(parts: FixParts): Pick<NoticeFinding, 'name' | 'measure'> {
  const name = BUILT_IN_CHECKS[parts.check]?.title ?? equivalenceOf(parts)?.title;
  const { kind, subject } = fixOf(parts);
  const of = (language: 'zh' | 'en') =>
    FIX_LABELS[kind][language].replace('{subject}', () => subject[language]);
  return {
    ...(name === undefined ? {} : { name }),
    ...(kind === 'single' ? {} : { measure: { zh: of('zh'), en: of('en') } }),
  };
}
