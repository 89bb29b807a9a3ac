import type { Organization } from '@backcheck/contract';
import { Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSetProofRule } from '../app/use-organizations.ts';
import { Failure } from '../ui/Failure.tsx';

interface ProofRuleProps {
  readonly organization: Organization;
  /** Whether one tool's proof may close another's finding; whether unsteady findings need several absences. */
  readonly rule: 'crossTool' | 'steadyProof';
}

export function ProofRule({ organization, rule }: ProofRuleProps) {
  const { t } = useTranslation();
  const set = useSetProofRule(organization.id);
  return (
    <section className="panel" aria-labelledby={`${rule}-title`}>
      <h2 id={`${rule}-title`}>{t(`assets.settings.${rule}`)}</h2>
      <p className="proof-rule">
        <Switch
          id={rule}
          aria-labelledby={`${rule}-label`}
          aria-describedby={`${rule}-hint`}
          checked={organization[rule]}
          loading={set.isPending}
          onChange={(on) => set.mutate({ [rule]: on })}
        />
        <label id={`${rule}-label`} htmlFor={rule}>
          {t(`assets.settings.${rule}Label`)}
        </label>
      </p>
      <p id={`${rule}-hint`} className="hint">
        {t(`assets.settings.${rule}Hint`)}
      </p>
      {set.error === null ? null : <Failure error={set.error} />}
    </section>
  );
}
