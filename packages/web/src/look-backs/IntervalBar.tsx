import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { shareText } from './share.ts';

interface IntervalBarProps {
  /** Shares between 0 and 1. */
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

const WIDTH = 320;

/** From 0 to the next ten percent above the interval: a small share would vanish on a line up to 100 %. */
export function IntervalBar({ rate, low, high }: IntervalBarProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const end = Math.max(0.1, Math.ceil(high * 10) / 10);
  const at = (share: number): number => (share / end) * WIDTH;
  const label = t('lookBacks.report.bar', {
    rate: shareText(rate, language),
    low: shareText(low, language),
    high: shareText(high, language),
  });
  return (
    <div className="interval-bar">
      <svg viewBox={`-2 0 ${WIDTH + 4} 24`} role="img" aria-label={label}>
        <line x1="0" y1="12" x2={WIDTH} y2="12" className="axis" />
        <rect
          x={at(low)}
          y="7"
          width={Math.max(2, at(high) - at(low))}
          height="10"
          rx="2"
          className="interval"
        />
        <line x1={at(rate)} y1="2" x2={at(rate)} y2="22" className="rate-mark" />
      </svg>
      <span aria-hidden="true">{shareText(0, language)}</span>
      <span aria-hidden="true">{shareText(end, language)}</span>
    </div>
  );
}
