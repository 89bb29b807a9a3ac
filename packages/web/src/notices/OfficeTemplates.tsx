import {
  NOTICE_KIND_LABELS,
  type NoticeTemplate,
  PAPER_LANGUAGE_LABELS,
  PAPER_LANGUAGES,
} from '@backcheck/contract';
import { NOTICE_KINDS, type NoticeKind, type PaperLanguage } from '@backcheck/core';
import { Alert, Button, Popconfirm, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLanguage } from '../i18n/use-language.ts';
import { Failure } from '../ui/Failure.tsx';
import { Field } from '../ui/Field.tsx';
import { FileButton } from '../ui/FileButton.tsx';
import { Moment } from '../ui/Moment.tsx';
import { FieldError, focusField } from '../ui/TextField.tsx';
import { OfficeTags } from './OfficeTags.tsx';
import { useNoticeTemplates, useRetireTemplate, useTakeTemplate } from './use-notice-office.ts';

/** The office's own DOCX for each kind of paper, tried before it is taken in. */
export function OfficeTemplates({ node }: { readonly node: string | undefined }) {
  const { t } = useTranslation();
  const list = useNoticeTemplates(node);
  const items = list.data?.items ?? [];
  return (
    <section className="office-templates" aria-labelledby="office-templates">
      <h2 id="office-templates">{t('noticePapers.templates.title')}</h2>
      <p className="lead">{t('noticePapers.templates.lead')}</p>
      {list.error === null ? null : <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 ? (
        <p className="hint">{t('noticePapers.templates.none')}</p>
      ) : null}
      {items.length === 0 ? null : <TemplateTable items={items} />}
      <UploadForm key={node} node={node} />
      <OfficeTags />
    </section>
  );
}

function TemplateTable({ items }: { readonly items: readonly NoticeTemplate[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const retire = useRetireTemplate();
  return (
    <>
      {retire.error === null ? null : <Failure error={retire.error} />}
      <table className="quiet stacked" aria-labelledby="office-templates">
        <thead>
          <tr>
            <th scope="col">{t('noticePapers.templates.kind')}</th>
            <th scope="col">{t('noticePapers.templates.language')}</th>
            <th scope="col">{t('noticePapers.templates.file')}</th>
            <th scope="col">{t('noticePapers.templates.takenIn')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {items.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                {NOTICE_KIND_LABELS[one.kind][language]}{' '}
                <small>{t(`noticePapers.templates.${one.inUse ? 'inUse' : 'replaced'}`)}</small>
              </th>
              <td data-label={t('noticePapers.templates.language')}>
                {PAPER_LANGUAGE_LABELS[one.language][language]}
              </td>
              <td data-label={t('noticePapers.templates.file')}>
                <a href={`/api/v1/notice-templates/${one.id}/document`} download>
                  {one.fileName}
                </a>
              </td>
              <td data-label={t('noticePapers.templates.takenIn')}>
                <Moment at={one.takenInAt} to="day" /> {one.takenInBy}
              </td>
              <td>
                <Popconfirm
                  title={t('noticePapers.templates.retireAsk')}
                  okText={t('noticePapers.templates.retire')}
                  cancelText={t('cancel')}
                  onConfirm={() => retire.mutate(one.id)}
                >
                  <Button size="small" loading={retire.isPending && retire.variables === one.id}>
                    {t('noticePapers.templates.retire')}
                  </Button>
                </Popconfirm>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

const FILE = 'template-file';

function UploadForm({ node }: { readonly node: string | undefined }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const take = useTakeTemplate(node);
  const [kind, setKind] = useState<NoticeKind>('rectification');
  const [paper, setPaper] = useState<PaperLanguage>('zh');
  const [file, setFile] = useState<File | null>(null);
  const [tried, setTried] = useState(false);
  const [round, setRound] = useState(0);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (file === null) return focusField(FILE);
    // A browser sends no file that was changed after it was chosen: whoever mends the template chooses it again.
    const again = () => {
      setFile(null);
      setTried(false);
      setRound((before) => before + 1);
    };
    take.mutate({ kind, language: paper, file }, { onSettled: again });
  };
  const error = tried && file === null ? t('noticePapers.templates.fileMissing') : undefined;
  return (
    <form className="office-form" noValidate onSubmit={submit}>
      <div className="office-pair">
        <Field id="template-kind" label={t('noticePapers.templates.kind')}>
          <Select
            id="template-kind"
            value={kind}
            options={NOTICE_KINDS.map((value) => ({ value, label: NOTICE_KIND_LABELS[value][language] }))}
            onChange={setKind}
          />
        </Field>
        <Field id="template-language" label={t('noticePapers.templates.language')}>
          <Select
            id="template-language"
            value={paper}
            options={PAPER_LANGUAGES.map((value) => ({
              value,
              label: PAPER_LANGUAGE_LABELS[value][language],
            }))}
            onChange={setPaper}
          />
        </Field>
      </div>
      <p>
        <a href={`/api/v1/notice-templates/sample?kind=${kind}&language=${paper}`} download>
          {t('noticePapers.templates.sample')}
        </a>
      </p>
      <div className="field">
        <FileButton
          key={round}
          id={FILE}
          label={t('noticePapers.templates.file')}
          chosen={file?.name}
          accept=".docx"
          aria-invalid={error !== undefined}
          onChange={({ target }) => setFile(target.files?.[0] ?? null)}
        />
        <FieldError id={FILE} error={error} />
        <p className="hint">{t('noticePapers.templates.uploadHint')}</p>
      </div>
      {take.error === null ? null : <Failure error={take.error} />}
      {take.isSuccess ? <Alert type="success" showIcon title={t('noticePapers.templates.taken')} /> : null}
      <Button htmlType="submit" loading={take.isPending}>
        {t('noticePapers.templates.upload')}
      </Button>
    </form>
  );
}
