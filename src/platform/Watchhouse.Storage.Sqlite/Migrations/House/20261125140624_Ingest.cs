using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Watchhouse.Storage.Sqlite.Migrations.House
{
    /// <inheritdoc />
    public partial class Ingest : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "IngestRejects",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Source = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Count = table.Column<long>(type: "INTEGER", nullable: false),
                    FirstAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Collector = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Line = table.Column<long>(type: "INTEGER", nullable: false),
                    Sample = table.Column<byte[]>(type: "BLOB", maxLength: 2048, nullable: false),
                    SampleCut = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IngestRejects", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "IngestSources",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ForceId = table.Column<string>(type: "TEXT", maxLength: 8, nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Format = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    FirstReceivedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    LastReceivedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    Events = table.Column<long>(type: "INTEGER", nullable: false),
                    Bytes = table.Column<long>(type: "INTEGER", nullable: false),
                    Rejects = table.Column<long>(type: "INTEGER", nullable: false),
                    LastCollector = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IngestSources", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_IngestRejects_ForceId",
                table: "IngestRejects",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_IngestRejects_ForceId_Day",
                table: "IngestRejects",
                columns: new[] { "ForceId", "Day" });

            migrationBuilder.CreateIndex(
                name: "IX_IngestSources_ForceId",
                table: "IngestSources",
                column: "ForceId");

            migrationBuilder.CreateIndex(
                name: "IX_IngestSources_ForceId_Name",
                table: "IngestSources",
                columns: new[] { "ForceId", "Name" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "IngestRejects");

            migrationBuilder.DropTable(
                name: "IngestSources");
        }
    }
}
