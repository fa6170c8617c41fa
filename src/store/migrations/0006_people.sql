ALTER TABLE "task" ADD COLUMN "pull" integer;--> statement-breakpoint
CREATE INDEX "task_pull" ON "task" USING btree ("repo_id","pull");--> statement-breakpoint
-- As text: PostgreSQL's JSON functions fail on the NUL that a program may have printed. Quotes inside strings are escaped, so this finds the field only.
UPDATE "task" SET "pull" = substring("task"::text from '"pull":\{"number":(\d+)')::integer
  WHERE "task"::text ~ '"pull":\{"number":\d+';
