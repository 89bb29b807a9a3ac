import { type Finding, PAUSE_LABELS } from '@backcheck/contract';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { useDaysLeft } from '../notices/use-days-left.ts';
import { Moment } from '../ui/Moment.tsx';
import { lastMoment } from './last-moment.ts';
import './deadlines.css';

/** The last day in time, and what is left of it; in lists. */
export function DueText({ due }: { readonly due: NonNullable<Finding['due']> }) {
  const { t } = useTranslation();
  if (due.waived !== null) return <WaivedText of={due.waived} to="day" />;
  if (due.at === null) return <span className="hint">{t('deadlines.list.none')}</span>;
  return (
    <>
      <Moment at={lastMoment(due.at)} to="day" /> <Countdown at={due.at} paused={due.paused} />
    </>
  );
}

interface WaivedTextProps {
  readonly of: NonNullable<NonNullable<Finding['due']>['waived']>;
  readonly to?: 'day';
}

/** By which decision nothing is due, and until when. */
export function WaivedText({ of: { kind, until }, to }: WaivedTextProps) {
  const { t } = useTranslation();
  if (until === null) return <span className="due-waived">{t(`deadlines.waived.always.${kind}`)}</span>;
  const [before = '', after = ''] = t(`deadlines.waived.${kind}`, { at: '|' }).split('|');
  return (
    <span className="due-waived">
      {before}
      <Moment at={lastMoment(until)} {...(to === undefined ? {} : { to })} />
      {after}
    </span>
  );
}

interface CountdownProps {
  readonly at: string;
  readonly paused: NonNullable<Finding['due']>['paused'];
}

const CLASSES = { late: 'due-over', soon: 'due-soon', far: 'due-left' } as const;

/** In words: what is left, how much too late it is, or that the clock stands still. */
export function Countdown({ at, paused }: CountdownProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { text, standing } = useDaysLeft(at);
  if (paused !== null)
    return (
      <small className="due-paused">
        {t('deadlines.panel.paused', { why: PAUSE_LABELS[paused][language] })}
      </small>
    );
  return <small className={CLASSES[standing]}>{text}</small>;
}
