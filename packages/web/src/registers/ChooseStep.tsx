import { Progress, Upload } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { OrganizationSelect } from '../app/OrganizationSelect.tsx';
import { useLanguage } from '../i18n/use-language.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { FILES } from './CorrectedFile.tsx';
import { sentences } from './sentences.ts';
import { useNodes, useSendFile } from './use-register-imports.ts';

/** The node first, then the file: the server looks at the file as one for that node. */
export function ChooseStep({ onSent }: { readonly onSent: (id: string) => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const nodes = useNodes({ object: 'organization', action: 'update' });
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const sending = useSendFile();
  if (nodes === undefined) return null;
  if (nodes?.length === 0)
    return <EmptyState title={t('registers.choose.noRight')} hint={t('registers.choose.noRightHint')} />;
  const node = chosen ?? (nodes?.length === 1 ? nodes[0] : undefined);
  const waits = nodes !== null && node === undefined;
  const hint = sentences(
    language,
    t('registers.choose.nodeHint'),
    nodes === null ? t('registers.choose.nodeAnyHint') : null,
  );
  return (
    <section className="choose-step" aria-label={t('registers.choose.title')}>
      <Field id="import-node" label={t('registers.choose.node')} hint={hint}>
        <OrganizationSelect
          id="import-node"
          value={node}
          placeholder={t(nodes === null ? 'registers.choose.nodeAny' : 'registers.choose.nodeChoose')}
          allowClear={nodes === null}
          {...(nodes === null ? {} : { within: nodes })}
          onChange={setChosen}
        />
      </Field>
      <Upload.Dragger
        accept={FILES}
        disabled={waits || sending.isPending}
        showUploadList={false}
        beforeUpload={(file) => {
          sending.mutate({ file, organizationId: node ?? null }, { onSuccess: ({ id }) => onSent(id) });
          return Upload.LIST_IGNORE;
        }}
      >
        <p className="drop-title">{t(waits ? 'registers.choose.dropWait' : 'registers.choose.drop')}</p>
        <p className="drop-hint">{t('registers.choose.dropHint')}</p>
      </Upload.Dragger>
      <div role="status">
        {sending.isPending ? (
          <>
            <p>{t('registers.choose.sending', { name: sending.variables.file.name })}</p>
            <Progress percent={Math.floor(sending.share * 100)} aria-label={t('registers.choose.title')} />
          </>
        ) : null}
      </div>
      {sending.error === null ? null : <Failure error={sending.error} />}
    </section>
  );
}
