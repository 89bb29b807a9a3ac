import { useTranslation } from 'react-i18next';
import { Moment } from '../ui/Moment.tsx';
import { lastMoment } from './last-moment.ts';

/** The text goes around the moment, so that the moment keeps its machine form. */
export function ByWhen({ at }: { readonly at: string }) {
  const { t } = useTranslation();
  const [before = '', after = ''] = t('deadlines.panel.by', { at: '|' }).split('|');
  return (
    <>
      {before}
      <Moment at={lastMoment(at)} />
      {after}
    </>
  );
}
