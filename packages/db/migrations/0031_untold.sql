-- Critical and high findings that wait for somebody to tell their organization: few beside all that have a date.
create index finding_due_untold on finding_due (organization_id) where turn = 'us' and waived is null and grade >= 3;
