import { localInstant, utcInstant } from './instant.ts';

/** A moment in the reader's zone with its offset; UTC on hover. */
export function When({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={utcInstant(at)} className="when">
      {localInstant(at)}
    </time>
  );
}
