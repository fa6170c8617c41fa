ALTER TABLE "attempt" ADD COLUMN "allowance" json;--> statement-breakpoint
ALTER TABLE "attempt" ADD COLUMN "usage" json;