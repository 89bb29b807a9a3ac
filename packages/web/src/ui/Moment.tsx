import { useLanguage } from '../i18n/use-language.ts';
import { inLanguage, localInstant } from './instant.ts';

interface MomentProps {
  readonly at: string;
  /** `second` where it matters what came first. */
  readonly to?: 'day' | 'minute' | 'second';
}

/** A moment in the reader's zone and in the form of the language on screen; with its offset on hover. */
export function Moment({ at, to = 'minute' }: MomentProps) {
  const language = useLanguage();
  return (
    <time dateTime={at} title={localInstant(at)} className="when">
      {inLanguage(at, language, to)}
    </time>
  );
}
