import type { RegisterImport } from '@backcheck/contract';
import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { StepTitle } from './StepTitle.tsx';
import { sentences } from './sentences.ts';
import { useDecide } from './use-register-imports.ts';

type Open = 'error' | 'conflict';

interface ApplyStepProps {
  readonly of: RegisterImport;
  readonly onBack: () => void;
}

/** The last look before the registers change. Rows are left out only by a person's own tick. */
export function ApplyStep({ of, onBack }: ApplyStepProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { counts } = of;
  const [skip, setSkip] = useState<readonly Open[]>([]);
  const decision = useDecide(of.id);
  const open = (['error', 'conflict'] as const).filter((one) => counts[one] > 0);
  const writes = counts.new + counts.changed > 0;
  const tick = (one: Open, ticked: boolean) =>
    setSkip((before) => (ticked ? [...before, one] : before.filter((other) => other !== one)));
  return (
    <section className="panel" aria-labelledby="step-title">
      <StepTitle>{t('registers.apply.title')}</StepTitle>
      <p className="will-do">
        {writes
          ? sentences(
              language,
              t('registers.apply.willDo', {
                added: counts.new.toLocaleString(language),
                changed: counts.changed.toLocaleString(language),
              }),
              counts.same > 0 ? t('registers.apply.untouched', { count: counts.same }) : null,
            )
          : t('registers.apply.nothing')}
      </p>
      <p className="hint">
        {sentences(language, t('registers.nothingWritten'), t('registers.apply.atOnce'))}
      </p>
      {open.length === 0 ? null : (
        <fieldset className="leave-out">
          <legend>{t('registers.apply.blocked')}</legend>
          {open.map((one) => (
            <Checkbox
              key={one}
              checked={skip.includes(one)}
              onChange={({ target }) => tick(one, target.checked)}
            >
              {t(`registers.apply.skip.${one}`, { count: counts[one] })}
            </Checkbox>
          ))}
        </fieldset>
      )}
      {decision.error === null ? null : <Failure error={decision.error} />}
      <div className="actions">
        <Button
          type="primary"
          disabled={!writes || skip.length < open.length}
          loading={decision.isPending}
          onClick={() => decision.mutate({ step: 'apply', skip })}
        >
          {t('registers.apply.button')}
        </Button>
        <Button onClick={onBack}>{t('registers.apply.back')}</Button>
      </div>
    </section>
  );
}
