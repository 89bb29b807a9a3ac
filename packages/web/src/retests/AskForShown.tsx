import type { Finding } from '@backcheck/contract';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIsCoordinator, useMay } from '../app/use-access.ts';
import { AskDialog } from './AskDialog.tsx';

/** One request is about one organization and at most so many findings. */
const MOST = 500;

interface AskForShownProps {
  readonly shown: readonly Finding[];
  /** A person picked them out, and may say of them that they are fixed. */
  readonly chosen?: boolean;
}

/** Below a list of findings of one organization: look again at all that is shown. */
export function AskForShown({ shown, chosen = false }: AskForShownProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayAsk = useMay({ object: 'retest', action: 'create' });
  const claims = !useIsCoordinator() && chosen;
  const [asking, setAsking] = useState(false);
  const organizations = new Set(shown.map(({ organization }) => organization.id));
  if (!mayAsk || organizations.size !== 1 || shown.length > MOST) return null;
  return (
    <>
      <Button onClick={() => setAsking(true)}>
        {t(claims ? 'fixes.claimAll' : chosen ? 'fixes.retestAll' : 'retests.askShown', {
          count: shown.length,
        })}
      </Button>
      {asking ? (
        <AskDialog
          findingIds={shown.map(({ id }) => id)}
          claimsFirst={claims}
          onClose={() => setAsking(false)}
          onAsked={(retestId) => void navigate({ to: '/retests/$retestId', params: { retestId } })}
        />
      ) : null}
    </>
  );
}
