import { useTranslation } from 'react-i18next';
import { useOpenQuestions } from './use-questions.ts';
import './open-questions.css';

/** How many questions wait for a person; nothing when none does. */
export function OpenQuestions() {
  const { t } = useTranslation();
  const { data: count = 0 } = useOpenQuestions();
  if (count === 0) return null;
  const said = t('assets.openQuestions', { count });
  return (
    <>
      <span className="open-questions" aria-hidden="true" title={said}>
        {count > 99 ? '99+' : count}
      </span>
      <span className="only-spoken">, {said}</span>
    </>
  );
}
