import { type AssignPolicy, type DeadlinePolicy, POLICY_APPLIES_TO } from '@backcheck/contract';
import { Button, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { PreviewTable } from './PreviewTable.tsx';
import { useAssignPolicy, usePreviewPolicy } from './use-deadlines.ts';

/** First what it would change, then the assignment; another choice asks for another preview. */
export function AssignForm({ policy }: { readonly policy: DeadlinePolicy }) {
  const { t } = useTranslation();
  const [wish, setWish] = useState<AssignPolicy>({
    organizationId: policy.organizationId,
    appliesTo: 'open',
  });
  const preview = usePreviewPolicy(policy.id);
  const assign = useAssignPolicy(policy.id);
  const change = (part: Partial<AssignPolicy>) => {
    setWish((before) => ({ ...before, ...part }));
    preview.reset();
    assign.reset();
  };
  return (
    <section className="panel" aria-labelledby="assign-title">
      <h2 id="assign-title">{t('deadlines.policy.assign')}</h2>
      <p className="hint">{t('deadlines.policy.assignHint')}</p>
      <div className="steps assign-form">
        <Field id="assign-node" label={t('deadlines.policy.node')}>
          <OrganizationSelect
            id="assign-node"
            allowClear
            value={wish.organizationId ?? undefined}
            placeholder={t('deadlines.policies.everywhere')}
            onChange={(id) => change({ organizationId: id ?? null })}
          />
        </Field>
        <fieldset>
          <legend>{t('deadlines.policies.holds')}</legend>
          <Radio.Group
            value={wish.appliesTo}
            options={POLICY_APPLIES_TO.map((value) => ({
              value,
              label: t(`deadlines.policies.appliesTo.${value}`),
            }))}
            onChange={({ target }) => change({ appliesTo: target.value === 'new' ? 'new' : 'open' })}
          />
        </fieldset>
        <div className="steps-end">
          <Button loading={preview.isPending} onClick={() => preview.mutate(wish)}>
            {t('deadlines.policy.preview')}
          </Button>
          <Button
            type="primary"
            disabled={preview.data?.state !== 'done'}
            loading={assign.isPending}
            onClick={() => assign.mutate(wish)}
          >
            {t('deadlines.policy.apply')}
          </Button>
        </div>
      </div>
      {preview.error === null ? null : <Failure error={preview.error} />}
      {assign.error === null ? null : <Failure error={assign.error} />}
      <p role="status">{assign.isSuccess ? t('deadlines.policy.applied') : null}</p>
      {preview.data === undefined || assign.isSuccess ? null : <PreviewTable of={preview.data} />}
    </section>
  );
}
