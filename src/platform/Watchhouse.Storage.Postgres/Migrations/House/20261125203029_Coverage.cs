using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Watchhouse.Storage.Postgres.Migrations.House
{
    /// <inheritdoc />
    public partial class Coverage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "ExtendedAt",
                table: "RuleExceptions",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ExtendedBy",
                table: "RuleExceptions",
                type: "character varying(80)",
                maxLength: 80,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "ExtendedWhy",
                table: "RuleExceptions",
                type: "character varying(500)",
                maxLength: 500,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "RemovedWhy",
                table: "RuleExceptions",
                type: "character varying(500)",
                maxLength: 500,
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "SourceContents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ForceId = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false),
                    Source = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Entry = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Events = table.Column<long>(type: "bigint", nullable: false),
                    FirstAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    LastAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SourceContents", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_SourceContents_ForceId",
                table: "SourceContents",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_SourceContents_ForceId_Source_Entry",
                table: "SourceContents",
                columns: new[] { "ForceId", "Source", "Entry" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "SourceContents");

            migrationBuilder.DropColumn(
                name: "ExtendedAt",
                table: "RuleExceptions");

            migrationBuilder.DropColumn(
                name: "ExtendedBy",
                table: "RuleExceptions");

            migrationBuilder.DropColumn(
                name: "ExtendedWhy",
                table: "RuleExceptions");

            migrationBuilder.DropColumn(
                name: "RemovedWhy",
                table: "RuleExceptions");
        }
    }
}
