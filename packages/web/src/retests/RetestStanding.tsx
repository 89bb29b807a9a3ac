import { RETEST_STATE_LABELS, type Retest } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Moment } from '../ui/Moment.tsx';

/** Where a retest stands, and what it waits for. */
export function RetestStanding({ of }: { readonly of: Pick<Retest, 'state' | 'waitingFor' | 'startsAt'> }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { state, waitingFor, startsAt } = of;
  return (
    <>
      <span className={`retest-state ${state}`}>{RETEST_STATE_LABELS[state][language]}</span>
      {waitingFor === null ? null : (
        <small className="waits">
          {t(`retests.waitsFor.${waitingFor}`)}
          {startsAt === null ? null : (
            <>
              {' '}
              <Moment at={startsAt} />
            </>
          )}
        </small>
      )}
    </>
  );
}

/** A length of time in its largest whole unit: seconds, minutes, hours or days. */
export function Duration({ seconds }: { readonly seconds: number }) {
  const language = useLanguage();
  const [unit, size] =
    seconds >= 2 * 86_400
      ? (['day', 86_400] as const)
      : seconds >= 2 * 3600
        ? (['hour', 3600] as const)
        : seconds >= 120
          ? (['minute', 60] as const)
          : (['second', 1] as const);
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  const text = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' });
  return <>{text.format(Math.floor(seconds / size))}</>;
}
