CREATE TABLE "about" (
	"key" text PRIMARY KEY NOT NULL,
	"value" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "bundle" (
	"attempt" text PRIMARY KEY NOT NULL,
	"task" text NOT NULL,
	"epoch" integer NOT NULL,
	"base" text NOT NULL,
	"head" text NOT NULL,
	"bytes" "bytea" NOT NULL,
	"stored_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pace" (
	"installation" bigint PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"state" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "request" (
	"id" uuid PRIMARY KEY NOT NULL,
	"runner" text NOT NULL,
	"attempt" text NOT NULL,
	"epoch" integer NOT NULL,
	"detail" json NOT NULL,
	"answer" json,
	"asked_at" timestamp with time zone DEFAULT now() NOT NULL,
	"answered_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "runner" (
	"name" text PRIMARY KEY NOT NULL,
	"labels" json NOT NULL,
	"capacity" integer NOT NULL,
	"version" text NOT NULL,
	"public_key" text,
	"seen_until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "act" ADD COLUMN "tried_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "projection" ADD COLUMN "tried_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "bundle_task" ON "bundle" USING btree ("task");--> statement-breakpoint
CREATE INDEX "request_open" ON "request" USING btree ("asked_at") WHERE "request"."answered_at" is null;