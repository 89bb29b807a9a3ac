import { z } from 'zod';

/** A user-visible text in both languages; no text reaches a person in one language only. */
export const Text = z.object({ zh: z.string(), en: z.string() }).meta({ id: 'Text' });
export type Text = z.infer<typeof Text>;

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * The language to answer in, from an `Accept-Language` header (RFC 9110 section 12.5.4).
 * English when neither language is asked for; the wildcard asks for nothing.
 */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const weight = parameters.map((one) => one.trim()).find((one) => one.startsWith('q='));
      return { language: tag.split('-')[0], weight: weight === undefined ? 1 : Number(weight.slice(2)) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  const first = wanted.find(({ language }) => language === 'zh' || language === 'en');
  return first?.language === 'zh' ? 'zh' : 'en';
}
