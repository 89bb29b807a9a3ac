import { FIX_LABELS, type Fix, type Language } from '@backcheck/contract';

/** "Upgrade OpenSSL", "升级 OpenSSL". */
export const fixName = ({ kind, subject }: Pick<Fix, 'kind' | 'subject'>, language: Language): string =>
  FIX_LABELS[kind][language].replace('{subject}', subject[language]);
