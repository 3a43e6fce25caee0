using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Watchhouse.Storage.Sqlite.Migrations.House
{
    /// <inheritdoc />
    public partial class Coverage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ExtendedAt",
                table: "RuleExceptions",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ExtendedBy",
                table: "RuleExceptions",
                type: "TEXT",
                maxLength: 80,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "ExtendedWhy",
                table: "RuleExceptions",
                type: "TEXT",
                maxLength: 500,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "RemovedWhy",
                table: "RuleExceptions",
                type: "TEXT",
                maxLength: 500,
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "SourceContents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Source = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Entry = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Events = table.Column<long>(type: "INTEGER", nullable: false),
                    FirstAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastAt = table.Column<long>(type: "INTEGER", nullable: false)
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
