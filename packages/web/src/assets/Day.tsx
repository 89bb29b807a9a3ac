import { localInstant } from '../ui/instant.ts';

/** A day in the reader's zone; the moment on hover. */
export function Day({ at }: { readonly at: string }) {
  return (
    <time dateTime={at} title={localInstant(at)} className="when">
      {localInstant(at).slice(0, 'yyyy-mm-dd'.length)}
    </time>
  );
}

interface DaysProps {
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** From the first to the last time; one day where both are on it. */
export function Days({ firstSeen, lastSeen }: DaysProps) {
  const oneDay = localInstant(firstSeen).slice(0, 10) === localInstant(lastSeen).slice(0, 10);
  return (
    <span className="days">
      <Day at={firstSeen} />
      {oneDay ? null : (
        <>
          {' – '}
          <Day at={lastSeen} />
        </>
      )}
    </span>
  );
}
