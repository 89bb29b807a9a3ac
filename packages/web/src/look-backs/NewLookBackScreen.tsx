import { SEVERITY_LABELS } from '@backcheck/contract';
import { LOOK_BACK_STRATA, type LookBackStrata, SEVERITIES, type Severity } from '@backcheck/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Checkbox, Input, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { useAccess } from '../app/use-access.ts';
import { MomentField } from '../assets/MomentField.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { focusField, TextField } from '../ui/TextField.tsx';
import { useTitle } from '../ui/use-title.ts';
import { type DraftFlaw, EMPTY_DRAFT, flawsOf, type LookBackDraft, wantedOf } from './look-back-draft.ts';
import { usePublishLookBack } from './use-look-backs.ts';
import './look-backs.css';

/** How a look-back will be drawn; with "Publish" it stands in the ledger, before anybody can know what is drawn. */
export function NewLookBackScreen() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const publish = usePublishLookBack();
  const home = useAccess().data?.home ?? undefined;
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const [tried, setTried] = useState(false);
  useTitle(t('lookBacks.new'));
  const flaws = tried ? flawsOf(draft) : [];
  const wanted = { ...draft, organizationId: draft.organizationId ?? home };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    const [first] = flawsOf(draft);
    if (first !== undefined) return focusField(`look-back-${first}`);
    publish.mutate(wantedOf(wanted), {
      onSuccess: ({ id }) => void navigate({ to: '/look-backs/$lookBackId', params: { lookBackId: id } }),
    });
  };
  const part: PartProps = {
    draft: wanted,
    flaws,
    onChange: (change) => setDraft((before) => ({ ...before, ...change })),
  };
  return (
    <div className="screen">
      <Link className="back" to="/look-backs">
        <span aria-hidden="true">←</span> {t('lookBacks.back')}
      </Link>
      <h1>{t('lookBacks.new')}</h1>
      <p className="lead">{t('lookBacks.newLead')}</p>
      <form className="steps look-back-form" noValidate onSubmit={submit}>
        <RuleFields {...part} />
        <DrawFields {...part} />
        {publish.error === null ? null : <Failure error={publish.error} />}
        <div className="steps-end">
          <Button type="primary" htmlType="submit" loading={publish.isPending}>
            {t('lookBacks.publish')}
          </Button>
          <span className="hint">{t('lookBacks.publishHint')}</span>
        </div>
      </form>
    </div>
  );
}

interface PartProps {
  readonly draft: LookBackDraft;
  readonly flaws: readonly DraftFlaw[];
  readonly onChange: (change: Partial<LookBackDraft>) => void;
}

function RuleFields({ draft, flaws, onChange }: PartProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const severities = SEVERITIES.toReversed().map((value) => ({
    value,
    label: SEVERITY_LABELS[value][language],
  }));
  return (
    <>
      <TextField
        id="look-back-title"
        label={t('lookBacks.name')}
        maxLength={200}
        value={draft.title}
        error={flaws.includes('title') ? t('lookBacks.titleMissing') : undefined}
        onChange={(title) => onChange({ title })}
      />
      <Field id="look-back-organization" label={t('lookBacks.of')} hint={t('lookBacks.ofHint')}>
        <OrganizationSelect
          id="look-back-organization"
          allowClear
          value={draft.organizationId}
          placeholder={t('lookBacks.everything')}
          onChange={(organizationId) => onChange({ organizationId })}
        />
      </Field>
      <fieldset>
        <legend>{t('lookBacks.rule')}</legend>
        <div className="rule-fields">
          <MomentField
            id="look-back-from"
            label={t('lookBacks.closedFrom')}
            hint={t('lookBacks.closedHint')}
            value={draft.closedFrom}
            onChange={(closedFrom) => onChange({ closedFrom })}
          />
          <MomentField
            id="look-back-until"
            label={t('lookBacks.closedUntil')}
            hint={t('lookBacks.closedUntilHint')}
            value={draft.closedUntil}
            onChange={(closedUntil) => onChange({ closedUntil })}
          />
          <Field id="look-back-severities" label={t('lookBacks.severities')}>
            <Select
              id="look-back-severities"
              mode="multiple"
              allowClear
              showSearch={false}
              placeholder={t('filters.any')}
              value={[...draft.severities]}
              options={severities}
              onChange={(chosen: Severity[]) => onChange({ severities: chosen })}
            />
          </Field>
          <Field id="look-back-checks" label={t('lookBacks.checks')} hint={t('lookBacks.checksHint')}>
            <Input.TextArea
              id="look-back-checks"
              autoSize={{ minRows: 1, maxRows: 6 }}
              value={draft.checks}
              onChange={({ target }) => onChange({ checks: target.value })}
            />
          </Field>
        </div>
        <Checkbox
          checked={draft.knownExploited}
          onChange={({ target }) => onChange({ knownExploited: target.checked })}
        >
          {t('lookBacks.knownExploited')}
        </Checkbox>
      </fieldset>
    </>
  );
}

function DrawFields({ draft, flaws, onChange }: PartProps) {
  const { t } = useTranslation();
  return (
    <fieldset>
      <legend>{t('lookBacks.draw')}</legend>
      <Checkbox checked={draft.all} onChange={({ target }) => onChange({ all: target.checked })}>
        {t('lookBacks.all')}
      </Checkbox>
      {draft.all ? null : (
        <div className="rule-fields">
          <TextField
            id="look-back-sample"
            label={t('lookBacks.sample')}
            inputMode="numeric"
            maxLength={6}
            value={draft.sample}
            error={flaws.includes('sample') ? t('lookBacks.sampleWrong') : undefined}
            onChange={(sample) => onChange({ sample })}
          />
          <Field id="look-back-strata" label={t('lookBacks.strataBy')} hint={t('lookBacks.strataHint')}>
            <Select
              id="look-back-strata"
              value={draft.strata}
              options={LOOK_BACK_STRATA.map((value) => ({
                value,
                label: t(`lookBacks.strataKinds.${value}`),
              }))}
              onChange={(strata: LookBackStrata) => onChange({ strata })}
            />
          </Field>
        </div>
      )}
      <TextField
        id="look-back-seed"
        label={t('lookBacks.seed')}
        hint={t('lookBacks.seedHint')}
        maxLength={80}
        value={draft.seed}
        error={flaws.includes('seed') ? t('lookBacks.seedWrong') : undefined}
        onChange={(seed) => onChange({ seed })}
      />
    </fieldset>
  );
}
