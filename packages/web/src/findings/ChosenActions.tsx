import type { Finding } from '@backcheck/contract';
import { Button, Checkbox } from 'antd';
import { useTranslation } from 'react-i18next';
import { DraftForShown } from '../notices/DraftForShown.tsx';
import { ReplyToSeveral } from '../replies/ReplyToSeveral.tsx';
import { AskForShown } from '../retests/AskForShown.tsx';
import type { FindingGroup } from './filters.ts';
import type { Choice } from './use-choice.ts';

interface ChosenActionsProps {
  readonly shown: readonly Finding[];
  readonly choice: Choice;
  readonly group: FindingGroup;
}

/** What can be done with the chosen rows at once; where none is chosen, with all that are shown. */
export function ChosenActions({ shown, choice, group }: ChosenActionsProps) {
  const { t } = useTranslation();
  const chosen = shown.filter(({ id }) => choice.ids.has(id));
  const about = chosen.length > 0 ? chosen : shown;
  const organizations = new Set(chosen.map(({ organization }) => organization.id)).size;
  return (
    <div className={chosen.length > 0 ? 'actions chosen' : 'actions'}>
      {choice.isOffered && shown.length > 0 ? (
        <Checkbox
          checked={chosen.length === shown.length}
          indeterminate={chosen.length > 0 && chosen.length < shown.length}
          onChange={({ target }) => choice.set(target.checked ? shown.map(({ id }) => id) : [])}
        >
          {t('findings.chooseAll', { count: shown.length })}
        </Checkbox>
      ) : null}
      {chosen.length > 0 ? (
        <>
          <span role="status">{t('findings.chosen', { count: chosen.length })}</span>
          <Button type="text" onClick={() => choice.set([])}>
            {t('findings.chooseNone')}
          </Button>
        </>
      ) : null}
      {organizations > 1 ? <p className="hint">{t('findings.chosenOfSeveral')}</p> : null}
      {organizations === 1 ? (
        <ReplyToSeveral findingIds={chosen.map(({ id }) => id)} wholeProblems={group === 'problem'} />
      ) : null}
      <AskForShown shown={about} chosen={chosen.length > 0} />
      <DraftForShown shown={about} />
    </div>
  );
}
