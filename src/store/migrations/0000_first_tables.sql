CREATE TABLE "act" (
	"key" text PRIMARY KEY NOT NULL,
	"task" text NOT NULL,
	"epoch" integer NOT NULL,
	"kind" text NOT NULL,
	"detail" json NOT NULL,
	"status" text NOT NULL,
	"tries" integer NOT NULL,
	"remote_id" text,
	"not_before" timestamp (3) with time zone,
	"intended_at" timestamp (3) with time zone NOT NULL,
	"job_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "attempt" (
	"id" text PRIMARY KEY NOT NULL,
	"task" text NOT NULL,
	"n" integer NOT NULL,
	"epoch" integer NOT NULL,
	"profile" text NOT NULL,
	"tier" text,
	"phase" text NOT NULL,
	"runner" text,
	"lease_until" timestamp with time zone,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"stop" text,
	"actor" bigint,
	"progress" json,
	"report" json,
	CONSTRAINT "attempt_n" UNIQUE("task","n")
);
--> statement-breakpoint
CREATE TABLE "inbox" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"key" text NOT NULL,
	"source" text NOT NULL,
	"aggregate" text NOT NULL,
	"kind" text NOT NULL,
	"repo" json,
	"fact" json NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"consumed_at" timestamp (3) with time zone,
	CONSTRAINT "inbox_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "ledger" (
	"task" text NOT NULL,
	"n" integer NOT NULL,
	"hash" text NOT NULL,
	"event" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"entry" json NOT NULL,
	CONSTRAINT "ledger_task_n_pk" PRIMARY KEY("task","n")
);
--> statement-breakpoint
CREATE TABLE "pause" (
	"scope" text PRIMARY KEY NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	"reason" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "projection" (
	"task" text NOT NULL,
	"surface" text NOT NULL,
	"generation" integer NOT NULL,
	"looked_at" integer NOT NULL,
	"written_hash" text,
	"remote_id" text,
	"uncertain" boolean NOT NULL,
	"written" text,
	"not_before" timestamp (3) with time zone,
	"stale_since" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "projection_task_surface_pk" PRIMARY KEY("task","surface")
);
--> statement-breakpoint
CREATE TABLE "repository" (
	"id" bigint PRIMARY KEY NOT NULL,
	"repository" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "slots" (
	"id" integer PRIMARY KEY NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "snapshot" (
	"hash" text PRIMARY KEY NOT NULL,
	"snapshot" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "task" (
	"id" text PRIMARY KEY NOT NULL,
	"repo_id" bigint NOT NULL,
	"issue_id" bigint NOT NULL,
	"number" integer NOT NULL,
	"version" integer NOT NULL,
	"epoch" integer NOT NULL,
	"state" text NOT NULL,
	"task" json NOT NULL,
	CONSTRAINT "task_issue" UNIQUE("repo_id","issue_id")
);
--> statement-breakpoint
CREATE INDEX "act_open" ON "act" USING btree ("task") WHERE "act"."status" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "attempt_live" ON "attempt" USING btree ("task") WHERE "attempt"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "attempt_started" ON "attempt" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "inbox_unconsumed" ON "inbox" USING btree ("aggregate","seq") WHERE "inbox"."consumed_at" is null;--> statement-breakpoint
CREATE INDEX "projection_stale" ON "projection" USING btree ("stale_since") WHERE "projection"."generation" > "projection"."looked_at";--> statement-breakpoint
CREATE INDEX "task_number" ON "task" USING btree ("repo_id","number");--> statement-breakpoint
CREATE INDEX "task_state" ON "task" USING btree ("state");